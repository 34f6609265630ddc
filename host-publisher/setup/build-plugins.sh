#!/bin/sh
# Builds GStreamer's WHIP elements from crates.io: build-plugins.sh FOLDER [cargo's own options]
# Needs rustc 1.92 and GStreamer's -dev packages; the plugins are then in FOLDER, for GST_PLUGIN_PATH.
set -eu
plugins=$(cd "$(dirname "$0")/plugins" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
cargo build --release --locked --manifest-path "$plugins/Cargo.toml" --target-dir "$folder/build" \
  --package gst-plugin-webrtc --package gst-plugin-rtp --package gst-plugin-webrtchttp "$@"
for library in "$folder"/build/release/libgst*.so "$folder"/build/release/libgst*.dylib; do
  if [ -f "$library" ]; then install -m 644 "$library" "$folder"; fi
done
rm -rf "$folder/build"
