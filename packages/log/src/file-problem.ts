/** Why a file could not be opened, in words where the reason is an ordinary one. */
export function fileProblem(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return "no such file";
    case "EACCES":
      return "permission denied";
    case "EISDIR":
      return "it is a directory";
    case "EROFS":
      return "the file system is read-only";
    default:
      return error.message;
  }
}
