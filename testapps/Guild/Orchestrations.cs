using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Guild;

/// <summary>An orchestration of two activities, by DurableTask with the server in this process.</summary>
static class Orchestrations
{
    public static void Map(WebApplication app)
    {
        var started = new TaskCompletionSource<DurableTaskTestHost>();
        app.Lifetime.ApplicationStarted.Register(() => _ = Start(int.Parse(app.Configuration["Guild:Port"]!, CultureInfo.InvariantCulture), started)); // the server is an app too, and says that it listens
        app.Lifetime.ApplicationStopping.Register(() => started.Task.Result.DisposeAsync().AsTask().GetAwaiter().GetResult());
        app.MapGet("/durable", async (string name) =>
        {
            var client = (await started.Task).Client;
            var instance = await client.ScheduleNewOrchestrationInstanceAsync("Order", name);
            var result = await client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: true);
            return result.FailureDetails is null ? result.ReadOutputAs<string>() : $"{result.RuntimeStatus}";
        });
    }

    static async Task Start(int port, TaskCompletionSource<DurableTaskTestHost> started)
    {
        try
        {
            started.SetResult(await DurableTaskTestHost.StartAsync(Add, new DurableTaskTestHostOptions { Port = port }));
        }
        catch (Exception e)
        {
            started.SetException(e);
        }

        static void Add(DurableTaskRegistry tasks)
        {
            tasks.AddOrchestratorFunc<string, string>("Order", static async (context, name) =>
            {
                await context.CallActivityAsync("Pack", Named(name));
                return await context.CallActivityAsync<string>("Send", name);
            });
            tasks.AddActivityFunc<string, string>("Pack", static (_, name) => name);
            tasks.AddActivityFunc<string, string>("Send", static (_, name) => name == "hopeless" ? throw new InvalidOperationException("Nobody can do that.") : Done(name));
        }
    }

    static string Named(string name) => name;

    static string Done(string name) => $"{name} is done";
}
