// Swagger UI over this deployment's own document. Requests go to the server that the document names,
// "/": the origin that served the page.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null, // asks nobody elsewhere
});
