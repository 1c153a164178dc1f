// Every kind of minimal API handler, three times: as it is, behind a filter factory that adds nothing, behind a filter that only passes on. In
// AnswersValidated also with the filter factory that AddValidation brings.
// What a handler throws is answered with all its frames, so that nothing can stand between the framework and the app unseen.
using Answers;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
#if VALIDATED
builder.Services.AddValidation();
#endif
builder.Services.AddAntiforgery();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 10_000);
builder.Services.AddControllers().AddXmlSerializerFormatters();
var app = builder.Build();
if (app.Configuration["Catch"] != "no")
    app.Use(AnswerWithFrames);
app.UseAntiforgery();
Handlers.Map(app.MapGroup("/plain"));
Handlers.Map(app.MapGroup("/factory").AddEndpointFilterFactory((_, next) => next));
Handlers.Map(app.MapGroup("/filter").AddEndpointFilter((context, next) => next(context)));
app.MapControllers();
app.MapGet("/paths", () => Handlers.Paths);
app.Run();

static async Task AnswerWithFrames(HttpContext context, RequestDelegate next)
{
    try
    {
        await next(context);
    }
    catch (Exception e) when (!context.Response.HasStarted)
    {
        context.Response.StatusCode = e is BadHttpRequestException bad ? bad.StatusCode : 500;
        await context.Response.WriteAsync(e.ToString());
    }
}
