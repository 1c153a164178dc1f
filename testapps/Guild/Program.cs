// Libraries that hand work on inside of one process, or to themselves: mediators, jobs, workflows, messages in memory. `Guild:Parts` says which of those are there that start with the app.
using Guild;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMediator();
var parts = builder.Configuration["Guild:Parts"]?.Split(',') ?? [];
if (parts.Contains("Coravel"))
    CoravelJobs.Add(builder);
if (parts.Contains("WorkflowCore"))
    Workflows.Add(builder);
if (parts.Contains("Cap"))
    CapMessages.Add(builder);
var app = builder.Build();
Requests.Map(app);
if (parts.Contains("Coravel"))
    CoravelJobs.Map(app);
if (parts.Contains("WorkflowCore"))
    Workflows.Map(app);
if (parts.Contains("Cap"))
    CapMessages.Map(app);
if (parts.Contains("Rebus"))
    RebusMessages.Map(app);
if (parts.Contains("DurableTask"))
    Orchestrations.Map(app);
if (parts.Contains("Temporal"))
    TemporalWorkflows.Map(app);
app.Run();
