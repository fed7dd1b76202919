/**
 * A length of time, for people.
 *
 * @param {number} seconds
 */
export function durationOf(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''];
  return [...parts, `${whole % 60} s`].filter(Boolean).join(' ');
}
