/** Figures as a reader sees them. */

/** 754.2 -> "12:34"; 4530 -> "1:15:30". Negative values count from before the start. */
export function clockTime(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds) + 1e-9);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  const text = shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
  return seconds < 0 && whole > 0 ? `-${text}` : text;
}

/** 0 -> "0 s"; 93.25 -> "93.3 s"; 4530 -> "75.5 min"; 18000 -> "5.0 h". */
export function duration(seconds: number): string {
  if (seconds >= 7200) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 600) return `${(seconds / 60).toFixed(1)} min`;
  return `${Number(seconds.toFixed(1))} s`;
}

export const percent = (value: number): string => `${Number(value.toFixed(2))}%`;
