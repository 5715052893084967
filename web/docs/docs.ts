declare const SwaggerUIBundle: (options: Readonly<Record<string, unknown>>) => unknown;

// Everything comes from this origin: the page works without a network and under a policy that allows nothing foreign.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
