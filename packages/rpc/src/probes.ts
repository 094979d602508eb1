/**
 * Names that languages, printers and test runners ask of any object to find out what it is. Answered here: they are
 * not meant for the object on the other side.
 */
export const PROBES: ReadonlySet<string> = new Set([
  // the language: awaiting, converting
  "then",
  "toJSON",
  "toString",
  "toLocaleString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  // matchers and printers of Jest and Vitest: asymmetric matchers, mocks, React and DOM nodes, Immutable
  "asymmetricMatch",
  "toAsymmetricMatcher",
  "getExpectedType",
  "$$typeof",
  "_isMockFunction",
  "nodeType",
  "nodeName",
  "tagName",
  "hasAttribute",
  "isEqualNode",
  "@@__IMMUTABLE_ITERABLE__@@",
  "@@__IMMUTABLE_KEYED__@@",
  "@@__IMMUTABLE_LIST__@@",
  "@@__IMMUTABLE_MAP__@@",
  "@@__IMMUTABLE_ORDERED__@@",
  "@@__IMMUTABLE_RECORD__@@",
  "@@__IMMUTABLE_SET__@@",
  "@@__IMMUTABLE_STACK__@@",
  "__v_isRef",
  "__esModule",
]);
