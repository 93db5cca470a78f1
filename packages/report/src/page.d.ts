/** The page's script and style, built from `page/` into `dist/page.js`. */
declare module "#page" {
  export const PAGE_SCRIPT: string;
  export const PAGE_STYLE: string;
}
