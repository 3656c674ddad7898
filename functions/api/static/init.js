// Swagger UI over this deployment's own document. Requests go to the server that the document names,
// "/": the origin that served the page. The provider sends people back to a page of that origin, too.
function show(config) {
  const ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null, // asks nobody elsewhere
    oauth2RedirectUrl: `${location.origin}/docs/oauth2-redirect.html`,
  });
  if (config.client_id) {
    ui.initOAuth({
      clientId: config.client_id,
      scopes: config.scopes,
      usePkceWithAuthorizationCodeGrant: true,
    });
  }
}

// Where nobody can sign in on a page, or not now, "Authorize" still takes a token.
fetch("/auth/config")
  .then((answer) => (answer.ok ? answer.json() : {}))
  .catch(() => ({}))
  .then(show);
