using System.Text.Json.Serialization;
using Kiosk;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, Papers.Default));
var app = builder.Build();

app.Use((context, next) =>
{
    context.Response.Headers["X-Kiosk"] = "open";
    return next(context);
});
app.MapGet("/papers/{name}", (string name) => name.Length < 10 ? Results.Ok(new Paper(name, 2.5m)) : Results.NotFound());
app.Run();
Console.WriteLine("Closed.");
return 3;

namespace Kiosk
{
    sealed record Paper(string Name, decimal Price);

    /// <summary>So that the app can be trimmed and compiled ahead of time.</summary>
    [JsonSerializable(typeof(Paper))]
    sealed partial class Papers : JsonSerializerContext;
}
