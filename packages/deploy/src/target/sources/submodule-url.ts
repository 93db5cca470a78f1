/**
 * The URL of a submodule as its `.gitmodules` gives it. A relative one (`../lib`) starts from the URL of its parent.
 *
 * @param parent - URL or path of the parent's origin
 */
export function submoduleUrl(url: string, parent: string): string {
  if (!url.startsWith("./") && !url.startsWith("../")) return url;
  let base = parent.replace(/\/+$/, "");
  let rest = url;
  for (;;) {
    if (rest.startsWith("./")) rest = rest.slice(2);
    else if (rest.startsWith("../")) {
      rest = rest.slice(3);
      base = withoutLastPart(base);
    } else break;
  }
  return `${base}${base.endsWith(":") ? "" : "/"}${rest}`;
}

/** The last part may follow a colon, as in `git@host:repo`. */
function withoutLastPart(base: string): string {
  const slash = base.lastIndexOf("/");
  if (slash >= 0) return base.slice(0, slash);
  const colon = base.lastIndexOf(":");
  return colon >= 0 ? base.slice(0, colon + 1) : "..";
}
