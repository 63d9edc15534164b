/*
 * A switch whose lines are slow: frames that come in at one interface go out at the one where their
 * receiver is, each line with so many bytes a second in each direction, and so much later. Lossless.
 *
 * link BYTES_PER_SECOND MICROSECONDS INTERFACE...
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 64, HEADER = 10 /* struct virtio_net_hdr */, LARGEST = HEADER + 65536 + 64 };

typedef struct Frame {
    struct Frame *next;
    double due;
    size_t length;
    unsigned char bytes[];
} Frame;

typedef struct {
    int socket;
    unsigned char address[6];
    double in_free, out_free; /* seconds from which the line can take the next byte */
    Frame *first, **end;      /* what goes out here, in the order of its time */
} Line;

static Line lines[LINES];
static int count;
static double bytes_per_second, latency;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_line(const char *name)
{
    Line *line = &lines[count++];
    int on = 1, buffer = 64 << 20;
    line->socket = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (line->socket < 0) {
        fail("a packet socket");
    }
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    at.sll_ifindex = if_nametoindex(name);
    /* With this header frames keep what the sender left for hardware to do: checksums, cutting. */
    if (setsockopt(line->socket, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on)
            || setsockopt(line->socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on)
            || bind(line->socket, (struct sockaddr *) &at, sizeof at)) {
        fail(name);
    }
    setsockopt(line->socket, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    setsockopt(line->socket, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
    line->end = &line->first;
}

static void queue(Line *to, const unsigned char *bytes, size_t length, double begins)
{
    double starts = begins > to->out_free ? begins : to->out_free;
    Frame *frame = malloc(sizeof *frame + length);
    if (!frame) {
        fail("memory");
    }
    to->out_free = starts + length / bytes_per_second;
    *frame = (Frame) {.due = to->out_free, .length = length};
    memcpy(frame->bytes, bytes, length);
    *to->end = frame;
    to->end = &frame->next;
}

static void receive(Line *from)
{
    static unsigned char bytes[LARGEST];
    ssize_t length;
    while ((length = recv(from->socket, bytes, sizeof bytes, 0)) > HEADER + 14) {
        const unsigned char *receiver = bytes + HEADER;
        double time = now();
        double starts = time > from->in_free ? time : from->in_free;
        from->in_free = starts + length / bytes_per_second;
        memcpy(from->address, receiver + 6, 6);
        for (Line *to = lines; to < lines + count; to++) {
            if (to != from && (receiver[0] & 1 || !memcmp(to->address, receiver, 6))) {
                queue(to, bytes, length, starts + latency);
            }
        }
    }
}

/* Sends what is due; returns when the next frame is. */
static double send_due(Line *to, double time)
{
    while (to->first && to->first->due <= time) {
        Frame *frame = to->first;
        if (send(to->socket, frame->bytes, frame->length, 0) < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
            return time + 20e-6;
        }
        to->first = frame->next;
        if (!to->first) {
            to->end = &to->first;
        }
        free(frame);
    }
    return to->first ? to->first->due : time + 1;
}

int main(int argc, char **argv)
{
    struct pollfd polled[LINES];
    if (argc < 4 || argc > 3 + LINES) {
        fprintf(stderr, "usage: link BYTES_PER_SECOND MICROSECONDS INTERFACE...\n");
        return 2;
    }
    bytes_per_second = atof(argv[1]);
    latency = 1e-6 * atof(argv[2]);
    prctl(PR_SET_TIMERSLACK, 1);
    prctl(PR_SET_PDEATHSIG, 15);
    for (int k = 3; k < argc; k++) {
        open_line(argv[k]);
        polled[k - 3] = (struct pollfd) {.fd = lines[k - 3].socket, .events = POLLIN};
    }
    for (;;) {
        double time = now(), next = time + 1;
        for (int k = 0; k < count; k++) {
            double due = send_due(&lines[k], time);
            next = due < next ? due : next;
        }
        double wait = next - now();
        struct timespec most = {.tv_nsec = wait > 0 ? wait * 0.999e9 : 0};
        ppoll(polled, count, &most, NULL);
        for (int k = 0; k < count; k++) {
            receive(&lines[k]);
        }
    }
}
