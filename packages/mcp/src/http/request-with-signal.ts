/**
 * The request, and every clone of it, with a signal that is aborted as long as anybody holds that signal. Node's own follows the
 * one it was made from only while the `Request` is held, and that of a clone not even then: once garbage is collected, a call
 * goes on for a client that has gone.
 */
export function requestWithSignal(request: Request, signal: AbortSignal): Request {
  const clone = () => requestWithSignal(Request.prototype.clone.call(request), signal);
  return Object.defineProperties(request, { signal: { value: signal }, clone: { value: clone } });
}
