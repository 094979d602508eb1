/*
 * A stream of LCM: one process publishes over UDP multicast on this host, another counts.
 * Lines `flood <bytes> <ms>` and `pace <bytes> <count> <interval ms>` on standard input. What is lost stays lost.
 */
#include <lcm/lcm.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_LATENCIES 100000
#define SILENCE_MS 200

/* Shared by both processes. */
struct collected {
  volatile uint32_t run, received, latencies;
  volatile double last_ns;
  double latency_us[MAX_LATENCIES];
};
struct stamp {
  uint32_t run, n;
  double sent_ns;
};

static struct collected *collected;

static double now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void sleep_ms(double ms) {
  struct timespec time = {(time_t)(ms / 1000), (long)(ms * 1e6) % 1000000000L};
  nanosleep(&time, NULL);
}

static void take(const lcm_recv_buf_t *buffer, const char *channel, void *user) {
  (void)channel, (void)user;
  struct stamp stamp;
  memcpy(&stamp, buffer->data, sizeof stamp);
  if (stamp.run != collected->run) return;
  collected->last_ns = now_ns();
  if (stamp.sent_ns != 0 && collected->latencies < MAX_LATENCIES)
    collected->latency_us[collected->latencies++] = (collected->last_ns - stamp.sent_ns) / 1000;
  collected->received++;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(double share) {
  uint32_t count = collected->latencies, at = (uint32_t)(count * share);
  return count == 0 ? 0 : collected->latency_us[at < count ? at : count - 1];
}

static double cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void run(lcm_t *lcm, uint32_t number, const char *what, size_t bytes, double first, double interval_ms) {
  if (bytes < sizeof(struct stamp)) bytes = sizeof(struct stamp);
  uint8_t *data = calloc(1, bytes);
  int is_flood = strcmp(what, "flood") == 0;
  collected->received = collected->latencies = 0;
  collected->last_ns = now_ns();
  collected->run = number;
  double started = now_ns(), started_cpu = cpu_us();
  uint32_t sent = 0;
  do {
    if (!is_flood) sleep_ms(interval_ms);
    struct stamp stamp = {number, sent++, is_flood ? 0 : now_ns()};
    memcpy(data, &stamp, sizeof stamp);
    lcm_publish(lcm, "FRAMES", data, bytes);
  } while (is_flood ? now_ns() < started + first * 1e6 : sent < (uint32_t)first);
  double cpu = cpu_us() - started_cpu, sent_ns = now_ns();
  for (;;) {
    double last = collected->last_ns > sent_ns ? collected->last_ns : sent_ns;
    if (collected->received >= sent || now_ns() - last > SILENCE_MS * 1e6) break;
    sleep_ms(2);
  }
  qsort(collected->latency_us, collected->latencies, sizeof(double), ascending);
  printf("{\"sent\":%u,\"received\":%u,\"seconds\":%.9f,\"cpuUs\":%.1f,\"p50Us\":%.2f,\"p99Us\":%.2f}\n", sent,
         collected->received, (collected->last_ns - started) / 1e9, cpu, quantile(0.5), quantile(0.99));
  fflush(stdout);
  free(data);
}

int main(void) {
  collected = mmap(NULL, sizeof *collected, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int up[2];
  if (collected == MAP_FAILED || pipe(up) != 0) return 1;
  pid_t child = fork();
  lcm_t *lcm = lcm_create("udpm://239.255.76.67:7667?ttl=0&recv_buf_size=8388608");
  if (lcm == NULL) return 1;
  if (child == 0) {
    lcm_subscription_t *subscription = lcm_subscribe(lcm, "FRAMES", take, NULL);
    lcm_subscription_set_queue_capacity(subscription, 0);
    if (write(up[1], "u", 1) != 1) return 1;
    pid_t parent = getppid();
    while (getppid() == parent) lcm_handle_timeout(lcm, 200);
    return 0;
  }
  char line[256], what[16];
  if (read(up[0], line, 1) != 1) return 1;
  puts("ready");
  fflush(stdout);
  for (uint32_t number = 1; fgets(line, sizeof line, stdin) != NULL; number++) {
    size_t bytes;
    double first = 0, interval_ms = 0;
    if (sscanf(line, "%15s %zu %lf %lf", what, &bytes, &first, &interval_ms) < 3) return 1;
    run(lcm, number, what, bytes, first, interval_ms);
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}
