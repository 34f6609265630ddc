/** A size in CSS pixels, or in pixels of a picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place within an element, in CSS pixels from its top left. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/**
 * Where a replaced element shows its picture, by CSS Images §5.5. `objectFit` and `objectPosition`
 * are computed values; the box may reach beyond the element, which then shows a part of it.
 */
export function pictureBox(
  element: Size,
  picture: Size,
  { objectFit, objectPosition }: { readonly objectFit: string; readonly objectPosition: string },
): Box {
  const [width, height] = shownSize(element, picture, objectFit);
  const [left = '50%', top = '50%'] = objectPosition.split(' ');
  return {
    x: offset(left, element.width - width),
    y: offset(top, element.height - height),
    width,
    height,
  };
}

function shownSize(element: Size, picture: Size, objectFit: string): readonly [number, number] {
  const across = element.width / picture.width;
  const down = element.height / picture.height;
  const scaled = (by: number) => [picture.width * by, picture.height * by] as const;
  switch (objectFit) {
    case 'contain':
      return scaled(Math.min(across, down));
    case 'cover':
      return scaled(Math.max(across, down));
    case 'none':
      return scaled(1);
    case 'scale-down':
      return scaled(Math.min(1, across, down));
    default:
      return [element.width, element.height];
  }
}

/** A percentage is a share of the room that is left over, which may be negative. */
function offset(position: string, room: number): number {
  const value = Number.parseFloat(position);
  if (Number.isNaN(value)) return room / 2;
  return position.endsWith('%') ? (room * value) / 100 : value;
}
