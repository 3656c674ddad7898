import assert from "node:assert/strict";
import { test } from "node:test";
import { href, match } from "../../../functions/page/static/router.js";
import { AREAS, ROUTES } from "../../../functions/page/static/routes.js";

const found = (hash) => {
  const it = match(ROUTES, hash);
  return it && [it.route.path, it.params, it.query];
};

test("each address finds its view, the exact before the general", () => {
  assert.deepEqual(found(""), ["/", {}, {}]);
  assert.deepEqual(found("#/"), ["/", {}, {}]);
  assert.deepEqual(found("#/mailings?status=sent"), ["/mailings", {}, { status: "sent" }]);
  assert.deepEqual(found("#/mailings/new"), ["/mailings/new", {}, {}]);
  assert.deepEqual(found("#/mailings/7f/edit"), ["/mailings/{id}/edit", { id: "7f" }, {}]);
  assert.deepEqual(found("#/clients/import"), ["/clients/import/{id?}", {}, {}]);
  assert.deepEqual(found("#/clients/import/i1"), ["/clients/import/{id?}", { id: "i1" }, {}]);
  assert.deepEqual(found("#/clients/c1"), ["/clients/{id}", { id: "c1" }, {}]);
  assert.equal(found("#/nowhere"), null);
  assert.equal(found("#/mailings/7f/edit/more"), null);
});

test("whatever an id holds, it comes back as it went", () => {
  for (const id of ["a/b", "100%", "ключ", "a?b#c", ".."]) {
    assert.deepEqual(found(href("/clients/{id}", { id })), ["/clients/{id}", { id }, {}]);
  }
  assert.deepEqual(found("#/clients/100%"), ["/clients/{id}", { id: "100%" }, {}]);
});

test("addresses leave out what is empty", () => {
  assert.equal(href("/"), "#/");
  assert.equal(href("/clients/import/{id?}"), "#/clients/import");
  assert.equal(href("/mailings", {}, { status: "", tag: null }), "#/mailings");
  assert.equal(href("/mailings", {}, { status: "paused" }), "#/mailings?status=paused");
});

test("the navigation leads to views of its own areas", () => {
  for (const [area, to] of Object.entries(AREAS)) {
    assert.equal(match(ROUTES, to)?.route.area, area);
  }
});
