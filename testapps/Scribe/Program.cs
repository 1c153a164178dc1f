// Models, asked with each library as its documentation does it, and tools that models call, here and over MCP. The configuration's `Model` says
// where the models are.
using Scribe;

var builder = WebApplication.CreateBuilder(args);
McpScribe.Add(builder);
var app = builder.Build();
McpScribe.Map(app);
if (app.Configuration["Model"] is { } model)
{
    ExtensionsAiScribe.Map(app, new Uri(model));
    OpenAiScribe.Map(app, new Uri(model));
    AnthropicScribe.Map(app, model);
    KernelScribe.Map(app, new Uri(model));
}
app.Run();
