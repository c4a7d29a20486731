"""Which network addresses the product may connect to: public ones, and what an operator allowed.

The rule is on the address that is really connected to, never on the spelling of a host: `127.1`,
`0x7f.1`, `2130706433` and a name that resolves inward are all the same loopback.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Only 2000::/3 is handed out to the public internet. This leaves out IPv4-mapped and -compatible
# forms and NAT64 (64:ff9b::/96), for which Python's is_global is True or varies with its version.
GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
REFUSED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """True for an address of the public internet.

    >>> [is_public(ipaddress.ip_address(text)) for text in ("223.5.5.5", "2400:3200::1")]
    [True, True]
    >>> [is_public(ipaddress.ip_address(text)) for text in ("100.100.100.200", "64:ff9b::7f00:1")]
    [False, False]
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in REFUSED if network.version == address.version)


@dataclass(frozen=True, slots=True)
class AllowList:
    """Intranet sources an administrator named: host names, addresses and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> "AllowList":
        """ValueError names an entry that is neither a host nor a network.

        >>> AllowList.parse(["10.1.0.0/16", "rss.intra.example"]).has_host("RSS.intra.example.")
        True
        """
        hosts, networks = set(), []
        for entry in (entry.strip() for entry in entries):
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError:
                if not is_host(entry):
                    message = f"{entry!r} is neither a host name nor a network such as 10.1.0.0/16."
                    raise ValueError(message) from None
                hosts.add(plain_host(entry))
        return cls(frozenset(hosts), tuple(networks))

    def has_host(self, host: str) -> bool:
        return plain_host(host) in self.hosts

    def has_address(self, address: Address) -> bool:
        same = (network for network in self.networks if network.version == address.version)
        return any(address in network for network in same)


def is_host(text: str) -> bool:
    """A name, not something that a resolver would take for a number."""
    labels = plain_host(text).split(".")
    return len(text) < 254 and not labels[-1][:1].isdigit() and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    return 0 < len(label) < 64 and label.replace("-", "").replace("_", "").isalnum()


def plain_host(host: str) -> str:
    return host.strip().rstrip(".").lower()
