#!/bin/sh
# A sweep in eight shards as an array of Slurm: each task plans its part, one that was stopped goes on where it was.
#
#   array=$(sbatch --parsable slurm.sh)
#   sbatch --dependency=afterok:$array --wrap 'highwater sweep merge sweep.csv shard-*.csv --force'
#
# All nodes have to see the folder that it is sent from, with scenario.toml in it. A task that was stopped for another one
# begins again (--requeue).
#SBATCH --job-name=sweep
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --mem=512M
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --output=sweep-%A-%a.log

# Slurm sets SLURM_ARRAY_TASK_ID, from 1.
highwater sweep scenario.toml --steady \
  --vary 'stream.interval-reads.retention=90d..720d by 30d' \
  --vary 'stream.interval-reads.sources=1000000..16000000 in 9 log' \
  --platform kafka-tiered --platform automq-s3-wal \
  --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --shard "$SLURM_ARRAY_TASK_ID/8" --out "shard-$SLURM_ARRAY_TASK_ID.csv" --resume
