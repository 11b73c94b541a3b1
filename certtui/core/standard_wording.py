"""The extensions of RFC 5280 in words, one statement a line; raw text. It explains, never judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from certtui.core import der, extensions
from certtui.core.general_names import (
    general_name_words,
    general_names_words,
    location_words,
    relative_name_words,
)
from certtui.core.oids import name_of, words_of
from certtui.core.primitives import hexadecimal, integer_words, serial_words, value_words
from certtui.core.subtrees import IP, TypedName


def items_of(value: bytes, parent: der.Element) -> Iterator[der.Element]:
    """Yield the elements inside `parent`; raise `DerError` where there are too many to be told."""
    for number, element in enumerate(der.children(value, parent)):
        if number >= extensions.MAX_NAMES:
            raise der.DerError(f"more than {extensions.MAX_NAMES} elements")
        yield element


def parts_of(value: bytes, parent: der.Element, least: int) -> list[der.Element]:
    """Return the elements inside `parent`; raise `DerError` where there are fewer than `least`."""
    parts = list(items_of(value, parent))
    if len(parts) < least:
        raise der.DerError(f"{len(parts)} elements where at least {least} should stand")
    return parts


def _names(value: bytes) -> list[str]:
    return general_names_words(value, der.root(value)) or ["none"]


def _basic_constraints(value: bytes) -> list[str]:
    constraints = extensions.decode_basic_constraints(value)
    limit = (
        "" if constraints.path_length is None else f", at most {constraints.path_length} intermediates below"
    )
    return [f"{'a CA' if constraints.is_ca else 'not a CA'}{limit}"]


def _key_usage(value: bytes) -> list[str]:
    usage = extensions.decode_key_usage(value)
    return [", ".join(name for name in extensions.KEY_USAGE_BITS if name in usage) or "nothing"]


def _extended_key_usage(value: bytes) -> list[str]:
    return [", ".join(map(name_of, extensions.decode_oids(value))) or "nothing"]


def _authority_key_id(value: bytes) -> list[str]:
    """RFC 5280 §4.2.1.1: a key identifier, the certificate of the key by its issuer and serial number, or both."""
    said: list[str] = []
    for field in items_of(value, der.root(value)):
        if field.tag == 0x80:
            said.insert(0, der.content(value, field).hex(":"))
        elif field.tag == 0xA1:
            said += [f"issuer of that certificate: {name}" for name in general_names_words(value, field)]
        elif field.tag == 0x82:
            said.append(f"serial number of that certificate: {serial_words(der.content(value, field))}")
    has_key_id = extensions.decode_authority_key_id(value) is not None
    return said if has_key_id else ["no key identifier", *said]


def _access(value: bytes) -> list[str]:
    said: list[str] = []
    for description in items_of(value, der.root(value)):
        parts = list(items_of(value, description))
        if len(parts) != 2:
            raise der.DerError("an access description that is no pair")
        method = der.oid(der.content(value, parts[0]))
        said.append(f"{words_of(method)}: {location_words(value, parts[1])}")
    return said or ["none"]


def _points(value: bytes) -> list[str]:
    """RFC 5280 §4.2.1.13."""
    said: list[str] = []
    for point in items_of(value, der.root(value)):
        for field in items_of(value, point):
            said += _point_field(value, field)
        if len(said) > extensions.MAX_NAMES:
            raise der.DerError(f"more than {extensions.MAX_NAMES} names")
    return said or ["none"]


def _point_field(value: bytes, field: der.Element) -> Iterator[str]:
    if field.tag == 0xA0:
        for choice in items_of(value, field):
            if choice.tag == 0xA1:
                yield f"below its issuer's name: {relative_name_words(der.content(value, choice))}"
            else:
                yield from (location_words(value, name) for name in items_of(value, choice))
    elif field.tag == 0x81:
        flags = extensions.flags_set(der.content(value, field), extensions.REASON_FLAGS)
        yield f"  only for {', '.join(flags) or 'no reason'}"
    elif field.tag == 0xA2:
        yield from (f"  its issuer: {name}" for name in general_names_words(value, field))


def _policies(value: bytes) -> list[str]:
    """RFC 5280 §4.2.1.4."""
    extensions.decode_policies(value)
    said: list[str] = []
    for policy in items_of(value, der.root(value)):
        parts = parts_of(value, policy, 1)
        oid = der.oid(der.content(value, parts[0]))
        words = words_of(oid)
        said.append(f"{words}: {oid}" if words != oid else oid)
        for qualifier in items_of(value, parts[1]) if len(parts) > 1 else ():
            said += [f"  {text}" for text in _qualifier(value, qualifier)]
    return said


def _qualifier(value: bytes, qualifier: der.Element) -> Iterator[str]:
    parts = parts_of(value, qualifier, 1)
    kind = words_of(der.oid(der.content(value, parts[0])))
    for part in parts[1:]:
        if part.tag != der.SEQUENCE:
            yield f"{kind}: {value_words(part.tag, der.content(value, part))}"
            continue
        for field in items_of(value, part):
            if field.tag == der.SEQUENCE:
                yield f"{kind} by reference: {_notice_reference(value, field)}"
            else:
                yield f"{kind}: {value_words(field.tag, der.content(value, field))}"


def _notice_reference(value: bytes, reference: der.Element) -> str:
    organization, numbers = parts_of(value, reference, 2)[:2]
    listed = [integer_words(der.content(value, number)) for number in items_of(value, numbers)]
    said = value_words(organization.tag, der.content(value, organization))
    return f"{said}, notice {', '.join(listed)}"


def _policy_mappings(value: bytes) -> list[str]:
    return [
        f"its issuer's {words_of(issuer)} is its own {words_of(subject)}"
        for issuer, subject in extensions.decode_policy_mappings(value)
    ]


def _policy_constraints(value: bytes) -> list[str]:
    explicit, inhibit = extensions.decode_policy_constraints(value)
    said: list[str] = []
    if explicit is not None:
        # 0 speaks for the path as a whole, the certificates above this one too.
        said.append(
            f"an explicit policy is required {_after(explicit) if explicit else 'for the whole path'}"
        )
    if inhibit is not None:
        said.append(f"policies may not be mapped {_after(inhibit)}")
    return said


def _inhibit_any_policy(value: bytes) -> list[str]:
    return [f"anyPolicy does not count {_after(extensions.decode_inhibit_any_policy(value))}"]


def _after(certificates: int) -> str:
    if not certificates:
        return "from the next certificate on"
    return f"after {certificates} more certificate{'s' if certificates != 1 else ''}"


def _name_constraints(value: bytes) -> list[str]:
    """RFC 5280 §4.2.1.10."""
    said: list[str] = []
    for field in items_of(value, der.root(value)):
        verb = {0xA0: "permitted", 0xA1: "excluded"}.get(field.tag, f"tag 0x{field.tag:02x}")
        for tree in items_of(value, field):
            base, *rest = parts_of(value, tree, 1)
            bounds = [
                f", {'minimum' if bound.tag == 0x80 else 'maximum'} {integer_words(der.content(value, bound))}"
                for bound in rest
            ]
            said.append(f"{verb} {_subtree(value, base)}{''.join(bounds)}")
    return said or ["none"]


def _subtree(value: bytes, base: der.Element) -> str:
    if base.tag == IP:
        return TypedName(IP, der.content(value, base)).text
    return general_name_words(value, base)


def _private_key_usage_period(value: bytes) -> list[str]:
    """RFC 3280 §4.2.1.4."""
    said = []
    for field in items_of(value, der.root(value)):
        when = value_words(der.GENERALIZED_TIME, der.content(value, field))
        said.append(f"its private key may sign {'from' if field.tag == 0x80 else 'until'} {when}")
    return said or ["no time"]


def _directory_attributes(value: bytes) -> list[str]:
    """RFC 5280 §4.2.1.8."""
    said: list[str] = []
    for attribute in items_of(value, der.root(value)):
        kind, values = parts_of(value, attribute, 2)[:2]
        listed = [
            hexadecimal(der.content(value, each))
            if each.tag & 0x20
            else value_words(each.tag, der.content(value, each))
            for each in items_of(value, values)
        ]
        said.append(f"{name_of(der.oid(der.content(value, kind)))}: {', '.join(listed)}")
    return said or ["none"]


WRITERS: dict[str, Callable[[bytes], list[str]]] = {
    extensions.SUBJECT_DIRECTORY_ATTRIBUTES: _directory_attributes,
    extensions.SUBJECT_KEY_ID: lambda value: [extensions.decode_subject_key_id(value).hex(":")],
    extensions.KEY_USAGE: _key_usage,
    extensions.PRIVATE_KEY_USAGE_PERIOD: _private_key_usage_period,
    extensions.SUBJECT_ALT_NAME: _names,
    extensions.ISSUER_ALT_NAME: _names,
    extensions.BASIC_CONSTRAINTS: _basic_constraints,
    extensions.NAME_CONSTRAINTS: _name_constraints,
    extensions.CRL_DISTRIBUTION_POINTS: _points,
    extensions.CERTIFICATE_POLICIES: _policies,
    extensions.POLICY_MAPPINGS: _policy_mappings,
    extensions.AUTHORITY_KEY_ID: _authority_key_id,
    extensions.POLICY_CONSTRAINTS: _policy_constraints,
    extensions.EXTENDED_KEY_USAGE: _extended_key_usage,
    extensions.FRESHEST_CRL: _points,
    extensions.INHIBIT_ANY_POLICY: _inhibit_any_policy,
    extensions.AUTHORITY_INFO_ACCESS: _access,
    extensions.SUBJECT_INFO_ACCESS: _access,
}
"""Who puts the value of an extension into words, by the extension's OID."""
