// Which parts of the page are on the screen. What is costly to draw and nobody sees is drawn once it comes into view.

/** Parts this near to the screen, in pixels, count as seen: they are ready when they are scrolled to. */
const MARGIN = 200;

const parts = new Set();
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      parts.add(target);
    } else {
      parts.delete(target);
    }
  }
}, { rootMargin: `${MARGIN}px` });

/** Meant to be asked at every drawing: the first answer is false. */
export function isSeen(element) {
  watcher.observe(element);
  return parts.has(element);
}
