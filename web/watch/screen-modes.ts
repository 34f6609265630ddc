/** iPhones have full screen for video elements only, under a name of their own. */
interface AppleVideo {
  readonly webkitEnterFullscreen?: () => void;
}

/** Whether this browser can float a video over other windows. */
export function canFloat(): boolean {
  return document.pictureInPictureEnabled;
}

/** Whether this browser can fill the screen. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled || 'webkitEnterFullscreen' in HTMLVideoElement.prototype;
}

/** Fills the screen with the stage (controls included), or leaves it. */
export function toggleFullScreen(stage: HTMLElement, video: HTMLVideoElement): void {
  if (document.fullscreenElement !== null) {
    void document.exitFullscreen();
  } else if (document.fullscreenEnabled) {
    stage.requestFullscreen().catch(() => undefined);
  } else {
    (video as AppleVideo).webkitEnterFullscreen?.();
  }
}

/** Floats the video, or brings it back. */
export async function togglePictureInPicture(video: HTMLVideoElement): Promise<void> {
  try {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  } catch {
    // No picture yet, or no click: there is nothing to float.
  }
}

/** Ends picture-in-picture when the page lets the video go. */
export function leavePictures(video: HTMLVideoElement): void {
  if (document.pictureInPictureElement === video) void document.exitPictureInPicture();
}
