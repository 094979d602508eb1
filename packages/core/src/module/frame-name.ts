/** The full name of a frame: a robot's own in its namespace, `robot0/base_link`. */
export function frameName(namespace: string, id: string): string {
  return namespace === "" ? id : `${namespace}/${id}`;
}
