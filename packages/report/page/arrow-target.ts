/** Where an arrow key leads in cells that wrap into rows, or undefined for other keys and at the edges. */
export function arrowTarget(key: string, cells: readonly HTMLElement[], from: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return inside(cells, from + 1);
    case "ArrowLeft":
      return inside(cells, from - 1);
    case "ArrowDown":
      return nextRow(cells, from, 1);
    case "ArrowUp":
      return nextRow(cells, from, -1);
    case "Home":
      return 0;
    case "End":
      return cells.length - 1;
    default:
      return undefined;
  }
}

function inside(cells: readonly HTMLElement[], at: number): number | undefined {
  return at >= 0 && at < cells.length ? at : undefined;
}

// The nearest cell of the next row in that direction.
function nextRow(cells: readonly HTMLElement[], from: number, step: 1 | -1): number | undefined {
  const start = cells[from]?.getBoundingClientRect();
  let best: number | undefined;
  let bestTop = 0;
  let bestOff = Number.POSITIVE_INFINITY;
  if (!start) return undefined;
  for (let at = from + step; at >= 0 && at < cells.length; at += step) {
    const cell = cells[at]?.getBoundingClientRect();
    if (!cell || cell.top === start.top) continue;
    if (best !== undefined && cell.top !== bestTop) break;
    const off = Math.abs(cell.left - start.left);
    if (off < bestOff) [best, bestTop, bestOff] = [at, cell.top, off];
  }
  return best;
}
