export { TensorityError, type TensorityErrorCode, type TensorityErrorFacts } from "../error.ts";
export {
  getWork,
  getWorkJson,
  type HeaderJson,
  type HeaderRequest,
  type HeaderText,
  headerJson,
  networkHashRate,
  type SubmitRequest,
  submitWork,
  submitWorkJson,
  type WorkReply,
} from "./calls.ts";
export {
  type BlockFate,
  type BlockTemplate,
  createTemplateHolder,
  type Solution,
  type TemplateHolder,
  type TemplateHolderOptions,
  type WorkHeader,
  withWork,
} from "./template-holder.ts";
