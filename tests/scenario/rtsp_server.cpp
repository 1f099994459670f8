/// A network encoder for the tests: serves the H.264 video of a Matroska file over RTSP on this machine.
///   rtsp_server FILE.mkv
/// Prints the port on one line and serves rtsp://127.0.0.1:PORT/screen until it is killed.
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: rtsp_server FILE.mkv\n", stderr);
    return 2;
  }
  gst_init(nullptr, nullptr);
  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, "0");  // a free port

  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  const std::string launch =
      "( filesrc location=\"" + std::string(argv[1]) +
      "\" ! matroskademux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )";
  gst_rtsp_media_factory_set_launch(factory, launch.c_str());
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, "/screen", factory);
  g_object_unref(mounts);

  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fputs("rtsp_server: no port to listen on\n", stderr);
    return 1;
  }
  std::printf("%d\n", gst_rtsp_server_get_bound_port(server));
  std::fflush(stdout);
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
