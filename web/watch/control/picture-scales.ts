/** How large the picture is shown. */
export type PictureScale = 'fit' | 'pixels' | 'stretch';

export const SCALES: readonly { readonly key: PictureScale; readonly name: string }[] = [
  { key: 'fit', name: 'Fit' },
  { key: 'pixels', name: '1:1' },
  { key: 'stretch', name: 'Stretch' },
];

/** CSS pixels of a picture whose pixels are the screen's. */
export function pixelSize(
  picture: { readonly width: number; readonly height: number },
  pixelRatio: number,
): { readonly width: number; readonly height: number } {
  return { width: picture.width / pixelRatio, height: picture.height / pixelRatio };
}
