// The table of views. Each is a module of its own that is loaded when it is first shown.

/** @typedef {import("./router.js").Route} Route */

/** @param {string} name a module in `views/` @returns {Route["load"]} */
const view = (name) => () => import(`./views/${name}.js`);

/** @type {Route[]} */
export const ROUTES = [
  { path: "/", area: "overview", load: view("overview") },
  { path: "/mailings", area: "mailings", load: view("mailings") },
  { path: "/mailings/new", area: "mailings", load: view("mailing-form") },
  { path: "/mailings/{id}", area: "mailings", load: view("mailing") },
  { path: "/mailings/{id}/edit", area: "mailings", load: view("mailing-form") },
  { path: "/clients", area: "clients", load: view("clients") },
  { path: "/clients/import/{id?}", area: "clients", load: view("import") },
  { path: "/clients/{id}", area: "clients", load: view("client") },
];

/** What the navigation leads to, by area. */
export const AREAS = /** @type {const} */ ({
  overview: "#/",
  mailings: "#/mailings",
  clients: "#/clients",
});
