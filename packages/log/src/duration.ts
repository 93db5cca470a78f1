/**
 * A duration as the original writes it: minutes and seconds, both at least two digits, seconds cut to whole,
 * no hours: `00m 29s`, `600m 00s`. Negative durations count as zero.
 *
 * @param seconds - length in seconds, fractions allowed
 */
export function formatDuration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  return `${pad(Math.floor(whole / 60))}m ${pad(whole % 60)}s`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
