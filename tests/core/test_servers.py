"""Which recipes are for whom."""

from __future__ import annotations

import pytest

from certtui.core.catalogue import Code
from certtui.core.knowledge import Heading, Section, page
from certtui.core.servers import SERVERS, recipes_for, server_named


def _repair(code: Code) -> Section:
    return page(code).section(Heading.REPAIR)


def test_the_chosen_server_comes_first_and_other_servers_are_only_named() -> None:
    recipes = recipes_for(_repair(Code.CHAIN_INCOMPLETE), "HAProxy")

    programs = [recipe.program for recipe in recipes.shown]
    assert programs[0] == "HAProxy"
    assert "nginx" not in programs
    assert "nginx" in recipes.others


def test_who_runs_nginx_is_shown_how_to_get_a_certificate_too() -> None:
    programs = [recipe.program for recipe in recipes_for(_repair(Code.LEAF_EXPIRED), "nginx").shown]

    assert "certbot" in programs
    assert "cert-manager" not in programs


def test_a_recipe_for_an_operating_system_is_for_everyone() -> None:
    assert "Windows" in {r.program for r in recipes_for(_repair(Code.PRIVATE_CA), "nginx").shown} or all(
        recipe.program != "Windows" for recipe in _repair(Code.PRIVATE_CA).recipes
    )


@pytest.mark.parametrize("code", list(Code))
@pytest.mark.parametrize("server", [None, *SERVERS])
def test_no_page_loses_all_of_its_recipes(code: Code, server: str | None) -> None:
    section = _repair(code)
    recipes = recipes_for(section, server)

    assert bool(recipes.shown) == bool(section.recipes)
    assert {r.program for r in recipes.shown} | set(recipes.others) == {r.program for r in section.recipes}


def test_every_server_that_can_be_chosen_has_a_recipe_somewhere() -> None:
    programs = {recipe.program for code in Code for recipe in _repair(code).recipes}

    assert set(SERVERS) <= programs
    assert {tool for tools in SERVERS.values() for tool in tools} <= programs


@pytest.mark.parametrize(("text", "server"), [("NGINX ", "nginx"), ("iis", "IIS"), ("lighttpd", None)])
def test_a_server_is_known_by_its_name_whatever_the_case(text: str, server: str | None) -> None:
    assert server_named(text) == server
