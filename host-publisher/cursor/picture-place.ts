export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a point of a captured screen is in a picture that shows it whole, with borders; 0 to 1. */
export function placeInPicture(
  point: { readonly x: number; readonly y: number },
  screen: Size,
  picture: Size,
): { readonly x: number; readonly y: number } {
  const scale = scaleOf(screen, picture);
  const place = (at: number, length: number, whole: number): number => {
    const share = (length * scale) / whole;
    const within = Math.min(1, Math.max(0, at / length));
    return (1 - share) / 2 + within * share;
  };
  return {
    x: place(point.x, screen.width, picture.width),
    y: place(point.y, screen.height, picture.height),
  };
}

/** How wide the picture is, borders and all, in pixels of the screen. */
export function widthInScreenPixels(screen: Size, picture: Size): number {
  return picture.width / scaleOf(screen, picture);
}

function scaleOf(screen: Size, picture: Size): number {
  return Math.min(picture.width / screen.width, picture.height / screen.height);
}
