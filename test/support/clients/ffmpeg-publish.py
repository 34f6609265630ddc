"""Publishes a test picture and a 440 Hz tone by FFmpeg's whip muxer until SIGTERM.

usage: ffmpeg-publish.py URL TOKEN [option=value ...]
"""

import signal
import sys
import time

import av

url, token, *given = sys.argv[1:]
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
pictures = av.open("testsrc2=size=640x360:rate=30", format="lavfi").decode(video=0)
tone = av.open("sine=frequency=440:sample_rate=48000", format="lavfi").decode(audio=0)
options = {"authorization": token, **dict(each.split("=", 1) for each in given)}
output = av.open(url, "w", format="whip", options=options)
video = output.add_stream("libx264", rate=30)
video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
video.options = {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency", "g": "30"}
audio = output.add_stream("libopus", rate=48000)
audio.layout = "stereo"
resampler = av.AudioResampler(format="s16", layout="stereo", rate=48000, frame_size=960)

started = time.monotonic()
video_time = audio_time = 0.0
while running:
    if video_time <= audio_time:
        picture = next(pictures).reformat(format="yuv420p")
        video_time = float(picture.pts * picture.time_base)
        output.mux(video.encode(picture))
    else:
        sound = next(tone)
        audio_time = float(sound.pts * sound.time_base)
        for frame in resampler.resample(sound):
            output.mux(audio.encode(frame))
    ahead = min(video_time, audio_time) - (time.monotonic() - started)
    if ahead > 0:
        time.sleep(ahead)
output.close()
