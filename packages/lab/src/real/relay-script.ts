/**
 * A cable with delay and loss, for kernels without `netem`: two TAP devices and a queue between them, in Perl because
 * Debian always has it and Node cannot make the system call that attaches to a TAP device.
 *
 * Orders come through a FIFO, one a line: `<address> <one-way delay in seconds> <loss between 0 and 1>`; the address
 * is the host's, whichever end of a packet it is.
 */
export const RELAY_SCRIPT: string = String.raw`
use strict; use warnings;
use Fcntl; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use constant { TUNSETIFF => 0x400454ca, TAP_NO_HEADER => 0x1002 };

my ($outer, $inner, $orders_path) = @ARGV;
my @taps = map { open_tap($_) } ($outer, $inner);
my @queues = ([], []);
my (%delay, %loss);
sysopen(my $orders, $orders_path, O_RDWR) or die "$orders_path: $!";
$| = 1;
print "ready\n";

while (1) {
  my $reads = '';
  vec($reads, fileno($_), 1) = 1 for (@taps, $orders);
  select($reads, undef, undef, patience());
  take_order() if vec($reads, fileno($orders), 1);
  for my $side (0, 1) { receive($side) if vec($reads, fileno($taps[$side]), 1); }
  deliver($_) for (0, 1);
}

sub open_tap {
  my ($name) = @_;
  sysopen(my $tap, '/dev/net/tun', O_RDWR | O_NONBLOCK) or die "/dev/net/tun: $!";
  ioctl($tap, TUNSETIFF, pack('Z16 S x22', $name, TAP_NO_HEADER)) or die "TUNSETIFF $name: $!";
  return $tap;
}

sub take_order {
  sysread($orders, my $text, 65536) or return;
  for (split /\n/, $text) {
    my ($address, $delay, $loss) = split ' ';
    my $key = join '', map { chr } split /\./, $address;
    ($delay{$key}, $loss{$key}) = ($delay, $loss);
  }
}

# Frames of one host stay in order, since its delay is constant between orders; the queue is kept sorted by time.
sub receive {
  my ($side) = @_;
  for (1 .. 64) {
    sysread($taps[$side], my $frame, 65536) or last;
    my $key = host_of($frame, $side);
    next if $loss{$key} && rand() < $loss{$key};
    my $entry = [clock_gettime(CLOCK_MONOTONIC) + ($delay{$key} // 0), $frame];
    my $queue = $queues[1 - $side];
    my $place = @$queue;
    $place-- while $place > 0 && $queue->[$place - 1][0] > $entry->[0];
    splice @$queue, $place, 0, $entry;
  }
}

# Only IPv4 is held up. From the outer side the host is the destination, from the inner side the source.
sub host_of {
  my ($frame, $side) = @_;
  return '' unless length($frame) >= 34 && substr($frame, 12, 2) eq "\x08\x00";
  return substr($frame, $side == 0 ? 30 : 26, 4);
}

sub deliver {
  my ($side) = @_;
  my $now = clock_gettime(CLOCK_MONOTONIC);
  syswrite($taps[$side], (shift @{$queues[$side]})->[1]) while @{$queues[$side]} && $queues[$side][0][0] <= $now;
}

sub patience {
  my ($next) = sort { $a <=> $b } map { $_->[0][0] } grep { @$_ } @queues;
  return undef unless defined $next;
  my $wait = $next - clock_gettime(CLOCK_MONOTONIC);
  return $wait > 0 ? $wait : 0;
}
`;
