// A stream of ROS 1: one process publishes over TCPROS, another counts. `ROS_MASTER_URI` says where the master is.
// Lines `flood <bytes> <ms>` and `pace <bytes> <count> <interval ms>` on standard input. ROS has no backpressure: its
// queues are without limit here, so that nothing is lost.
#include <ros/ros.h>
#include <signal.h>
#include <std_msgs/UInt8MultiArray.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

constexpr uint32_t MAX_LATENCIES = 100000;
constexpr double SILENCE_MS = 200;
constexpr uint32_t QUEUE = 0;

struct Collected {
  std::atomic<uint32_t> run, received, latencies;
  std::atomic<double> lastNs;
  double latencyUs[MAX_LATENCIES];
};
struct Stamp {
  uint32_t run, n;
  double sentNs;
};

Collected *collected;
/* Standard output of this process: ROS has things to say on it, too, and gets standard error instead. */
FILE *answers;

double nowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

void sleepMs(double ms) { usleep(static_cast<useconds_t>(ms * 1000)); }

void take(const std_msgs::UInt8MultiArray::ConstPtr &message) {
  Stamp stamp;
  memcpy(&stamp, message->data.data(), sizeof stamp);
  if (stamp.run != collected->run) return;
  double now = nowNs();
  collected->lastNs = now;
  if (stamp.sentNs != 0 && collected->latencies < MAX_LATENCIES)
    collected->latencyUs[collected->latencies++] = (now - stamp.sentNs) / 1000;
  collected->received++;
}

double quantile(double share) {
  uint32_t count = collected->latencies, at = count * share;
  return count == 0 ? 0 : collected->latencyUs[std::min(at, count - 1)];
}

double cpuUs() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

void run(ros::Publisher &publisher, uint32_t number, bool isFlood, size_t bytes, double first, double intervalMs) {
  std_msgs::UInt8MultiArray message;
  message.data.resize(std::max(bytes, sizeof(Stamp)));
  collected->received = 0;
  collected->latencies = 0;
  collected->lastNs = nowNs();
  collected->run = number;
  double started = nowNs(), startedCpu = cpuUs();
  uint32_t sent = 0;
  do {
    if (!isFlood) sleepMs(intervalMs);
    Stamp stamp = {number, sent++, isFlood ? 0 : nowNs()};
    memcpy(message.data.data(), &stamp, sizeof stamp);
    publisher.publish(message);
  } while (isFlood ? nowNs() < started + first * 1e6 : sent < first);
  double cpu = cpuUs() - startedCpu, sentNs = nowNs();
  while (collected->received < sent && nowNs() - std::max<double>(collected->lastNs, sentNs) < SILENCE_MS * 1e6) sleepMs(2);
  std::sort(collected->latencyUs, collected->latencyUs + collected->latencies);
  fprintf(answers, "{\"sent\":%u,\"received\":%u,\"seconds\":%.9f,\"cpuUs\":%.1f,\"p50Us\":%.2f,\"p99Us\":%.2f}\n", sent,
         collected->received.load(), (collected->lastNs - started) / 1e9, cpu, quantile(0.5), quantile(0.99));
  fflush(answers);
}

int subscribe(int argc, char **argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  ros::init(argc, argv, "bench_subscriber", ros::init_options::NoSigintHandler | ros::init_options::NoRosout);
  ros::NodeHandle node;
  ros::Subscriber subscriber = node.subscribe("frames", QUEUE, take, ros::TransportHints().tcpNoDelay());
  ros::spin();
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  collected = static_cast<Collected *>(
      mmap(nullptr, sizeof(Collected), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (collected == MAP_FAILED) return 1;
  answers = fdopen(dup(STDOUT_FILENO), "w");
  dup2(STDERR_FILENO, STDOUT_FILENO);
  pid_t child = fork();
  if (child == 0) return subscribe(argc, argv);
  ros::init(argc, argv, "bench_publisher", ros::init_options::NoSigintHandler | ros::init_options::NoRosout);
  ros::NodeHandle node;
  ros::Publisher publisher = node.advertise<std_msgs::UInt8MultiArray>("frames", QUEUE);
  while (publisher.getNumSubscribers() == 0) sleepMs(10);
  fputs("ready\n", answers);
  fflush(answers);
  char line[256], what[16];
  for (uint32_t number = 1; fgets(line, sizeof line, stdin) != nullptr; number++) {
    size_t bytes;
    double first = 0, intervalMs = 0;
    if (sscanf(line, "%15s %zu %lf %lf", what, &bytes, &first, &intervalMs) < 3) return 1;
    run(publisher, number, strcmp(what, "flood") == 0, bytes, first, intervalMs);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  // What the destructors of ROS would tell a master that may be gone by now is of no use to anybody.
  _exit(0);
}
