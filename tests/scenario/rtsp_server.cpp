/// A network encoder for the tests: serves the H.264 video of a Matroska file over RTSP on this machine.
///   rtsp_server FILE.mkv [PORT]
/// Prints the port on one line and serves rtsp://127.0.0.1:PORT/screen until it is killed. At /sound-goes-on
/// the video ends after three seconds, beside a sound without end.
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <string>
#include <utility>

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fputs("usage: rtsp_server FILE.mkv [PORT]\n", stderr);
    return 2;
  }
  gst_init(nullptr, nullptr);
  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, argc == 3 ? argv[2] : "0");  // 0: a free port

  const std::string video = "filesrc location=\"" + std::string(argv[1]) + "\" ! matroskademux";
  const std::string payload = " ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96";
  const std::string shorter = " ! identity eos-after=90";
  const std::string sound = " audiotestsrc is-live=true ! audioconvert ! rtpL16pay name=pay1 pt=97";
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  for (const auto& [path, launch] : {std::pair{"/screen", video + payload},
                                     std::pair{"/sound-goes-on", video + shorter + payload + sound}}) {
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, ("( " + launch + " )").c_str());
    gst_rtsp_mount_points_add_factory(mounts, path, factory);
  }
  g_object_unref(mounts);

  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fputs("rtsp_server: no port to listen on\n", stderr);
    return 1;
  }
  std::printf("%d\n", gst_rtsp_server_get_bound_port(server));
  std::fflush(stdout);
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
