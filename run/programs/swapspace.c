/*
 * swapspace: says how much swap space there is and how much of it is free, as
 * sysinfo(2) and as /proc/meminfo tell; both in MB.
 */
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

static unsigned long line(const char *name)
{
    char text[200];
    unsigned long kilobytes = 0;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && fgets(text, sizeof text, file))
        if (!strncmp(text, name, strlen(name)))
            sscanf(text + strlen(name), "%lu", &kilobytes);
    if (file)
        fclose(file);
    return kilobytes / 1024;
}

int main(void)
{
    struct sysinfo info;
    if (sysinfo(&info)) {
        perror("sysinfo");
        return 1;
    }
    printf("sysinfo: swap %lu, free %lu\n", info.totalswap * info.mem_unit >> 20, info.freeswap * info.mem_unit >> 20);
    printf("meminfo: swap %lu, free %lu\n", line("SwapTotal:"), line("SwapFree:"));
    return 0;
}
