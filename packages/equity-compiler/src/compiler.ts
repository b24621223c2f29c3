/**
 * The compiler: one pass a module, in the order of the specification.
 *
 * @see spec 30-equity, section 5 "Names and order of checks"
 */
import { assembleContract } from "./assemble-contract.ts";
import { Budget } from "./budget.ts";
import { type CompiledContract, compiledContract } from "./compiled.ts";
import { declareContracts } from "./declare-contracts.ts";
import { type Diagnostic, errorDiagnostic, warningDiagnostic } from "./diagnostics.ts";
import type { Dialect } from "./dialect.ts";
import { type ContractState, type Environment, globalEnvironment } from "./environment.ts";
import { attempt, type EquityError } from "./error.ts";
import { generateContract } from "./generate-contract.ts";
import { toHex } from "./hex.ts";
import { type ImportResolver, load } from "./load.ts";
import { sourceText } from "./source.ts";
import type { Warn, Warning } from "./warning.ts";

/** How a source text is compiled. */
export interface CompileOptions {
  /** Which historical compiler to agree with; `0.1.1` when left out. */
  readonly dialect?: Dialect | undefined;
  /** Name of the source text in diagnostics; `contract.equity` when left out. */
  readonly file?: string | undefined;
  /** Finds imported files; without it an import is an error. */
  readonly resolveImport?: ImportResolver | undefined;
}

/** Contracts and errors of one run; contracts that depend on an error are missing. */
interface CompileResult {
  readonly contracts: readonly CompiledContract[];
  readonly errors: readonly EquityError[];
}

/** Default name of a source text. */
const DEFAULT_FILE = "contract.equity";

/**
 * Compiles the contracts of a source text, in their order, imported ones first.
 *
 * @throws {@link EquityError} with a parse, import, compile or limit code; it is the error that the
 * historical compiler reports, and `others` are further ones of the same run
 * @example
 * const [lock] = compile("contract Open() locks n of a { clause take() { unlock n of a } }");
 * lock?.opcodes; // "TRUE"
 * @see spec 30-equity
 */
export function compile(source: string, options: CompileOptions = {}): readonly CompiledContract[] {
  const { contracts, errors } = compileAll(source, options);
  const [first, ...others] = errors;
  if (first === undefined) return contracts;
  throw others.length === 0 ? first : first.withOthers(others);
}

/** What {@link check} found. */
export interface CheckResult {
  /** The contracts without errors. */
  readonly contracts: readonly CompiledContract[];
  /** Errors, first the one that {@link compile} throws, then warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles what can be compiled and tells everything that is wrong or odd. Never throws for what a
 * source text holds.
 *
 * @example
 * for (const diagnostic of check(source).diagnostics) console.log(formatDiagnostic(diagnostic));
 */
export function check(source: string, options: CompileOptions = {}): CheckResult {
  const warnings: Warning[] = [];
  const { contracts, errors } = compileAll(source, options, (warning) => warnings.push(warning));
  const diagnostics = [...errors.map(errorDiagnostic), ...warnings.map(warningDiagnostic)];
  return { contracts, diagnostics };
}

/** Compiles what can be compiled and collects the errors, first the one that {@link compile} throws. */
function compileAll(text: string, options: CompileOptions, warn?: Warn): CompileResult {
  const { dialect = "0.1.1", file = DEFAULT_FILE, resolveImport } = options;
  const errors: EquityError[] = [];
  const report = (error: EquityError) => errors.push(error, ...error.others);
  const contracts: CompiledContract[] = [];
  attempt(report, () => {
    const syntax = load(sourceText(text, file), dialect, resolveImport, warn);
    const environment = globalEnvironment(dialect);
    const run = { environment, dialect, report, warn, budget: new Budget() };
    for (const state of declareContracts(syntax, environment)) {
      const contract = compileContract(state, run);
      if (contract !== undefined) contracts.push(contract);
    }
  });
  return { contracts, errors };
}

/** What the contracts of a run share. */
interface Run {
  readonly environment: Environment;
  readonly dialect: Dialect;
  readonly report: (error: EquityError) => void;
  readonly warn: Warn;
  readonly budget: Budget;
}

function compileContract(state: ContractState, run: Run): CompiledContract | undefined {
  const { environment, dialect, report, warn, budget } = run;
  const fail = (error: EquityError) => {
    state.failed = true;
    if (!followsFromAnother(error, environment)) report(error);
  };
  return attempt(fail, () => {
    const generated = generateContract(state, environment, dialect, fail, warn, budget);
    if (state.failed) return undefined;
    const assembled = assembleContract(state, generated.items);
    state.body = toHex(assembled.program);
    // Generated again for those who ask: the model stacks of every step take much memory.
    const items = () => {
      const budget = new Budget();
      return generateContract(state, environment, dialect, () => {}, undefined, budget).items;
    };
    return compiledContract(state, generated, assembled, dialect, items);
  });
}

/** A contract that failed is missing where it is called, which is not worth another error. */
function followsFromAnother(error: EquityError, environment: Environment): boolean {
  if (error.code !== "contract-not-compiled-yet") return false;
  return environment.lookup(error.names[0] ?? "")?.contract?.failed === true;
}
