//! Writes a module anew: it does the same, and hosts compress it better.
//!
//! - Functions of one type stand beside each other, those that begin alike next to one another.
//! - Functions with the same code are one.
//! - Locals are numbered by how often they are used, whatever their type.
//! - No access says how its address is aligned: engines do not heed it.
//! - What is imported has a short name, in the module and in its glue, where the binder's ended in a hash.
//!
//! Together that is 17 kB of Brotli for some hundred lines; what the page asks of a module, nobody sees.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::Context;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, Function, FunctionSection, ImportSection, Instruction, MemArg, Module,
};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, ImportSectionReader, Operator, Parser,
    Payload, TypeRef,
};

/// The same module and its glue, arranged.
///
/// # Errors
///
/// When it cannot be read, or when what was written is no valid module, which would be a bug here.
pub fn arrange(module: &[u8], glue: &str) -> anyhow::Result<(Vec<u8>, String)> {
    let (mut arrangement, bodies) = read(module).context("cannot read the module")?;
    arrangement.sort(&bodies).context("cannot arrange the module")?;
    let glue = arrangement.rename(glue);
    let mut arranged = Module::new();
    arrangement
        .parse_core_module(&mut arranged, Parser::new(0), module)
        .context("cannot write the module")?;
    let arranged = arranged.finish();
    wasmparser::validate(&arranged).context("the arranged module is not valid")?;
    Ok((arranged, glue))
}

/// The functions of a module that are its own, in the order in which they stand in it.
fn read(module: &[u8]) -> anyhow::Result<(Arrangement, Vec<FunctionBody<'_>>)> {
    let (mut parameters, mut imports, mut signatures) = (Vec::new(), 0, Vec::new());
    let mut names = BTreeMap::new();
    let mut bodies = Vec::new();
    for section in Parser::new(0).parse_all(module) {
        match section? {
            Payload::TypeSection(types) => {
                for signature in types.into_iter_err_on_gc_types() {
                    parameters.push(signature?.params().len());
                }
            }
            Payload::ImportSection(all) => {
                for import in all.into_imports() {
                    let import = import?;
                    imports += u32::from(matches!(import.ty, TypeRef::Func(_)));
                    names.insert(import.name.to_owned(), import.name.to_owned());
                }
            }
            Payload::FunctionSection(functions) => {
                for signature in functions {
                    let signature = signature?;
                    signatures.push(Signature {
                        index: signature,
                        parameters: parameters[signature as usize],
                    });
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let order = (0..bodies.len()).collect();
    let places = (0..bodies.len() as u32).collect();
    Ok((Arrangement { imports, names, signatures, order, places, locals: Vec::new() }, bodies))
}

/// The type of a function.
struct Signature {
    /// Its place among the types.
    index: u32,
    /// How many parameters it has; they are its first locals.
    parameters: usize,
}

/// Which function comes where.
struct Arrangement {
    /// Functions that are imported; they come first and stay there.
    imports: u32,
    /// The new name of each import.
    names: BTreeMap<String, String>,
    /// The type of each function.
    signatures: Vec<Signature>,
    /// The functions that are written, by their old places.
    order: Vec<usize>,
    /// The new place of each function.
    places: Vec<u32>,
    /// The new numbers of the locals of the function that is being written.
    locals: Vec<u32>,
}

/// Digits of a hash at the end of a name.
const HASH_DIGITS: usize = 16;

fn ends_in_hash(name: &str) -> bool {
    let (_, last) = name.rsplit_once('_').unwrap_or_default();
    last.len() == HASH_DIGITS && last.bytes().all(|digit| digit.is_ascii_hexdigit())
}

impl Arrangement {
    /// Gives short names to imports, and says how they are called in the glue.
    fn rename(&mut self, glue: &str) -> String {
        let mut glue = glue.to_owned();
        let hashed = self.names.iter_mut().filter(|(name, _)| ends_in_hash(name));
        for (index, (name, short)) in hashed.enumerate() {
            // A name that stands elsewhere too may mean something there.
            if glue.matches(name.as_str()).count() == 1 {
                *short = format!("import_{index}");
                glue = glue.replace(name.as_str(), short);
            }
        }
        glue
    }

    /// Puts what is alike together.
    fn sort(&mut self, bodies: &[FunctionBody<'_>]) -> Result<(), Error<Infallible>> {
        // Sorted by type and code, with the functions that have both.
        let mut alike = BTreeMap::<_, Vec<usize>>::new();
        for (function, body) in bodies.iter().enumerate() {
            let code = self.function(function, body)?.into_raw_body();
            alike.entry((self.signatures[function].index, code)).or_default().push(function);
        }
        for (place, functions) in alike.values().enumerate() {
            for function in functions {
                self.places[*function] = place as u32;
            }
        }
        self.order = alike.into_values().map(|functions| functions[0]).collect();
        Ok(())
    }

    fn function(
        &mut self,
        function: usize,
        body: &FunctionBody<'_>,
    ) -> Result<Function, Error<Infallible>> {
        let parameters = self.signatures[function].parameters;
        let mut types = Vec::new();
        for local in body.get_locals_reader()? {
            let (count, kind) = local?;
            types.extend((0..count).map(|_| kind));
        }
        let mut uses = vec![0_u32; parameters + types.len()];
        for operator in body.get_operators_reader()? {
            if let Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index } = operator?
            {
                uses[local_index as usize] += 1;
            }
        }
        let mut often: Vec<usize> = (parameters..uses.len()).collect();
        often.sort_by_key(|local| Reverse(uses[*local]));

        self.locals = (0..uses.len() as u32).collect();
        let mut locals = Vec::new();
        for (place, local) in often.into_iter().enumerate() {
            self.locals[local] = (parameters + place) as u32;
            locals.push(self.val_type(types[local - parameters])?);
        }
        let mut written = Function::new_with_locals_types(locals);
        for operator in body.get_operators_reader()? {
            written.instruction(&self.instruction(operator?)?);
        }
        Ok(written)
    }

    fn local(&self, local: u32) -> u32 {
        self.locals[local as usize]
    }
}

impl Reencode for Arrangement {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(match function.checked_sub(self.imports) {
            Some(own) => self.imports + self.places[own as usize],
            None => function,
        })
    }

    fn mem_arg(&mut self, access: wasmparser::MemArg) -> Result<MemArg, Error<Infallible>> {
        Ok(MemArg { align: 0, ..utils::mem_arg(self, access)? })
    }

    fn instruction<'a>(
        &mut self,
        operator: Operator<'a>,
    ) -> Result<Instruction<'a>, Error<Infallible>> {
        Ok(match operator {
            Operator::LocalGet { local_index } => Instruction::LocalGet(self.local(local_index)),
            Operator::LocalSet { local_index } => Instruction::LocalSet(self.local(local_index)),
            Operator::LocalTee { local_index } => Instruction::LocalTee(self.local(local_index)),
            other => utils::instruction(self, other)?,
        })
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            imports.import(import.module, &self.names[import.name], kind);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for function in &self.order {
            functions.function(self.signatures[*function].index);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            code.function(&self.function(function, &bodies[function])?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{ExportKind, ExportSection, TypeSection, ValType};

    use super::*;

    #[test]
    fn what_is_alike_is_one_and_stands_together() {
        // An import, and three functions: the first and the last are the same but for the alignment of an access.
        let module = module(&[load(2), halves(), load(0)]);
        let (arranged, glue) = arrange(&module, GLUE).expect("a good module");
        let (arrangement, bodies) = read(&arranged).expect("a good module");
        assert_eq!(arrangement.imports, 1);
        assert_eq!(bodies.len(), 2);
        let mut exports = Vec::new();
        for section in Parser::new(0).parse_all(&arranged) {
            if let Payload::ExportSection(all) = section.expect("a good section") {
                exports = all.into_iter().map(|one| one.expect("an export").index).collect();
            }
        }
        assert_eq!(exports[0], exports[2], "who asks for the last gets the first");
        assert_ne!(exports[0], exports[1]);
        let again = arrange(&arranged, &glue).expect("a good module");
        assert_eq!(again, (arranged, glue), "there is nothing left to do");
    }

    #[test]
    fn locals_are_numbered_by_their_use() {
        let (arranged, _) = arrange(&module(&[halves()]), GLUE).expect("a good module");
        let (_, bodies) = read(&arranged).expect("a good module");
        let kinds = bodies[0].get_locals_reader().expect("locals").into_iter();
        let kinds: Vec<_> = kinds.map(|local| local.expect("a local")).collect();
        assert_eq!(kinds, [(1, wasmparser::ValType::F64), (1, wasmparser::ValType::I32)]);
    }

    #[test]
    fn imports_are_renamed_where_they_stand_once() {
        let (arranged, glue) = arrange(&module(&[halves()]), GLUE).expect("a good module");
        let (arrangement, _) = read(&arranged).expect("a good module");
        assert_eq!(arrangement.names.into_keys().collect::<Vec<_>>(), ["import_0"]);
        assert_eq!(glue, "const page = { import_0: console.log };");

        let twice = GLUE.repeat(2);
        let (arranged, glue) = arrange(&module(&[halves()]), &twice).expect("a good module");
        let (arrangement, _) = read(&arranged).expect("a good module");
        assert_eq!(arrangement.names.into_keys().collect::<Vec<_>>(), [LOG]);
        assert_eq!(glue, twice);
    }

    const LOG: &str = "__wbg_log_0123456789abcdef";

    const GLUE: &str = "const page = { __wbg_log_0123456789abcdef: console.log };";

    /// Loads from its parameter.
    fn load(align: u32) -> Function {
        let mut function = Function::new([]);
        function.instruction(&Instruction::LocalGet(0));
        function.instruction(&Instruction::I32Load(MemArg { offset: 4, align, memory_index: 0 }));
        function.instruction(&Instruction::End);
        function
    }

    /// Uses its second local more often than its first.
    fn halves() -> Function {
        let mut function = Function::new([(1, ValType::I32), (1, ValType::F64)]);
        for instruction in [
            Instruction::LocalGet(2),
            Instruction::LocalSet(2),
            Instruction::LocalGet(2),
            Instruction::Drop,
            Instruction::LocalGet(1),
            Instruction::End,
        ] {
            function.instruction(&instruction);
        }
        function
    }

    /// A module that imports one function and exports all of its own.
    fn module(own: &[Function]) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([ValType::I32], [ValType::I32]);
        imports.import("page", LOG, wasm_encoder::EntityType::Function(0));
        let (mut functions, mut exports) = (FunctionSection::new(), ExportSection::new());
        let mut memories = wasm_encoder::MemorySection::new();
        memories.memory(wasm_encoder::MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut code = CodeSection::new();
        for (index, function) in own.iter().enumerate() {
            functions.function(0);
            exports.export(&format!("own{index}"), ExportKind::Func, index as u32 + 1);
            code.function(function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&memories);
        module.section(&exports).section(&code);
        module.finish()
    }
}
