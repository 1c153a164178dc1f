// Frameworks that stand on top of endpoints and dispatch to handlers by themselves: FastEndpoints, Wolverine.Http, OData.
using Emporium;
using FastEndpoints;
using Microsoft.AspNetCore.OData;
using Microsoft.OData.ModelBuilder;
using Wolverine;
using Wolverine.Http;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddFastEndpoints();
builder.Host.UseWolverine();
builder.Services.AddWolverineHttp();
var model = new ODataConventionModelBuilder();
model.EntitySet<Ware>("Wares");
builder.Services.AddControllers().AddOData(options => options.AddRouteComponents("odata", model.GetEdmModel()));

var app = builder.Build();
app.UseFastEndpoints();
app.MapWolverineEndpoints();
app.MapControllers();
app.Run();
