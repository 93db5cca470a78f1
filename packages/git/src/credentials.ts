/**
 * Removes user name and password from a URL, so that it can be shown or published. An SSH user (`ssh://git@host`) is
 * part of the address and stays, its password does not. Text that is no URL (a path, `git@host:path`) stays as it is.
 */
export function stripCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*):\/\/[^/?#]*@/i, (match, scheme: string) => {
    if (!/^(ssh|git\+ssh|ssh\+git)$/i.test(scheme)) return `${scheme}://`;
    const user = /^[^:]*:\/\/([^:@/]*)/.exec(match)?.[1] ?? "";
    return user === "" ? `${scheme}://` : `${scheme}://${user}@`;
  });
}

/** Removes credentials from every URL inside a text, such as the error output of a command. */
export function redactText(text: string): string {
  return text.replaceAll(/[a-z][a-z0-9+.-]*:\/\/[^\s'"<>/?#]*@/gi, (match) => stripCredentials(match));
}
