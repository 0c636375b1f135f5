/** The picture as an SVG document of its own, with the page's colours: what lies in an area, in the theme that is chosen. */
export function pictureFile(
  picture: Element,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  title: string,
  style: string,
): string {
  const copy = picture.cloneNode(true);
  if (!(copy instanceof SVGElement)) return '';
  for (const name of ['tabindex', 'id', 'role']) copy.removeAttribute(name);
  copy.querySelector('#camera')?.removeAttribute('transform');
  const numbers = [area.x, area.y, area.width, area.height].map((one) => Math.round(one));
  copy.setAttribute('viewBox', numbers.join(' '));
  copy.setAttribute('width', String(numbers[2]));
  copy.setAttribute('height', String(numbers[3]));
  const theme = document.documentElement.dataset['theme'];
  if (theme !== undefined) copy.setAttribute('data-theme', theme);
  const create = (name: string): Element => document.createElementNS('http://www.w3.org/2000/svg', name);
  const ground = create('rect');
  for (const [name, value] of Object.entries({ x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3], class: 'ground' }))
    ground.setAttribute(name, String(value));
  const heading = create('title');
  heading.textContent = title;
  const sheet = create('style');
  sheet.textContent = style;
  copy.prepend(heading, sheet, ground);
  return new XMLSerializer().serializeToString(copy);
}
