# Prints one property of the sandbox a line, as WHO: WHAT: VALUE; "absent" is a value that a kernel may lack.
who=$1
say() { echo "$who: $1: $2"; }

# How the kernel answers a command: ok, or the reason at the end of its message.
answer() {
    if out=$("$@" 2>&1 </dev/null); then echo ok; else echo "${out##*: }"; fi
}

for field in CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp; do
    say "status $field" "$(sed -n "s/^$field:[[:space:]]*//p" /proc/self/status)"
done
say "user" "$(id)"
say "folder" "$(pwd -P)"
say "umask" "$(umask)"
say "oom_score_adj" "$(cat /proc/self/oom_score_adj)"
say "nice" "$(cut -d' ' -f19 /proc/self/stat)"
say "host name" "$(hostname | sed 's/^[0-9a-f]\{12\}$/TWELVE-DIGITS/')"
say "first process" "$(tr '\0' ' ' </proc/1/cmdline)"
say "session" "$(sed 's/.*) [A-Z] //' /proc/1/stat | cut -d' ' -f1-4)"
say "confinement" "$(cat /proc/self/attr/current 2>&1 | tr -d '\0' || true)"
say "interfaces" "$(ls /sys/class/net | tr '\n' ' ')"
say "loopback" "$(ifconfig lo | grep -o 'UP LOOPBACK RUNNING')"
say "input" "$(readlink /proc/self/fd/0)"
for stream in 1 2; do
    say "stream $stream" "$(stat -L -c '%F %u:%g' /proc/1/fd/$stream)"
    say "stream $stream opened anew" "$(answer sh -c "echo -n >/proc/1/fd/$stream")"
done
say "descriptors" "$(ls /proc/self/fd | tr '\n' ' ')"
# Only now, so that the streams are those of the sandbox.
exec 2>/dev/null

env | grep -v '^HOSTNAME=' | sort | while read -r line; do say "variable" "$line"; done
grep -q . /proc/self/environ && say "variable HOSTNAME" "${HOSTNAME+set}"

# Places of the system, their kind and options, without what is about a disk.
while read -r _ _ _ root place options rest; do
    kind=${rest#*- }
    kind=${kind%% *}
    case $place in
    / | /proc* | /sys* | /dev* | /run* | /etc/*)
        # How many of these there are, and on what disk those lie, is the machine's.
        case $place in
        *thermal_throttle) continue ;;
        /etc/*) kind=file ;;
        esac
        say "mount $place" "$kind $(echo "$options" | tr , '\n' | grep -v relatime | sort | tr '\n' ' ')"
        ;;
    esac
done </proc/self/mountinfo
say "size of /dev" "$(df -k /dev | tail -n 1 | tr -s ' ' | cut -d' ' -f2)"
say "size of /dev/shm" "$(df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d' ' -f2)"

for path in / /dev /dev/pts /dev/shm /dev/mqueue /proc /sys /run /tmp /etc /etc/hosts /etc/resolv.conf; do
    say "mode $path" "$(stat -c '%A %u:%g' $path 2>/dev/null || echo absent)"
done
for node in /dev/*; do
    if test -L "$node"; then
        say "device $node" "-> $(readlink "$node")"
    elif test -c "$node" -o -b "$node"; then
        say "device $node" "$(stat -c '%F %t:%T %a %u:%g' "$node")"
    else
        say "device $node" "$(stat -c %F "$node")"
    fi
done

for path in /proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug \
    /proc/scsi /proc/timer_list /proc/timer_stats /sys/firmware /sys/devices/virtual/powercap; do
    if test -d $path; then
        say "hidden $path" "folder with $(ls -A $path | wc -l) entries"
    elif test -e $path; then
        # The first byte is enough: some never end.
        say "hidden $path" "file with $(head -c 1 $path 2>/dev/null | wc -c) bytes at least"
    else
        say "hidden $path" absent
    fi
done
for path in /proc/bus/x /proc/fs/x /proc/irq/x /proc/sys/x /sys/x /sys/fs/cgroup/x /dev/x /run/x /etc/x; do
    say "make $path" "$(answer mkdir $path)"
    rmdir $path 2>/dev/null
done
for path in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/self/oom_score_adj \
    /sys/power/state /sys/kernel/profiling; do
    if test -e $path; then say "write $path" "$(answer sh -c "true >>$path")"; else say "write $path" absent; fi
done

for node in 'b 8 0' 'b 7 0' 'b 254 0' 'c 1 1' 'c 1 2' 'c 1 3' 'c 1 11' 'c 10 200' 'c 10 229' 'c 10 232' 'c 4 0'; do
    rm -f /tmp/node
    # Some answers depend on what drivers the kernel has.
    made=$(answer mknod /tmp/node $node)
    say "make node $node" "$made"
    test "$made" = ok && say "open node $node" "$(answer dd if=/tmp/node of=/dev/null bs=1 count=0 \
        | sed 's/No such .*/no driver/')"
done

rm -f /tmp/node

say "mount" "$(answer mount -t tmpfs none /tmp)"
say "remount" "$(answer mount -o remount,rw /sys)"
say "unmount" "$(answer umount /proc/sys)"
say "new mounts" "$(answer unshare -m true)"
say "new users" "$(answer unshare -U true)"
say "new network" "$(answer unshare -n true)"
say "set host name" "$(answer hostname other)"
say "raise priority" "$(answer renice -n -5 $$)"
say "change root" "$(answer chroot / true)"
say "swap" "$(answer swapon /print.sh)"
say "load module" "$(answer insmod /print.sh)"
say "raw socket" "$(answer ping -c 1 -W 1 127.0.0.1 | sed 's/.*1 packets received.*/ok/')"
say "trace itself" "$(answer readlink /proc/1/exe)"
say "own groups" "$(cut -d: -f3- /proc/self/cgroup | sort -u | sed 's|/docker/[0-9a-f]*|/docker/ID|' | tr '\n' ' ')"

if test "$who" = root; then
    grep -v '^#' /etc/hosts | while read -r line; do say "hosts" "$(echo "$line" | tr '\t' ' ')"; done
    echo kept >/run/kept
fi
exit 0
