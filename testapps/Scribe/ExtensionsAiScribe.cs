using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace Scribe;

/// <summary>Microsoft.Extensions.AI: a model that calls a tool of the app's, with the telemetry inside of that, outside, or not at all.</summary>
static class ExtensionsAiScribe
{
    public static void Map(WebApplication app, Uri model)
    {
        app.MapGet("/ai", async (string telemetry) =>
        {
            var builder = OpenAiScribe.Client(model).GetChatClient("m1").AsIChatClient().AsBuilder();
            builder = telemetry switch
            {
                "inside" => builder.UseFunctionInvocation().UseOpenTelemetry(),
                "outside" => builder.UseOpenTelemetry().UseFunctionInvocation(),
                _ => builder.UseFunctionInvocation(),
            };
            using var client = builder.Build();
            var answer = await client.GetResponseAsync("s3cret-question", new ChatOptions { Tools = [AIFunctionFactory.Create(Weather, "weather")] });
            return answer.Text;
        });
        app.MapGet("/ai/embedding", async () =>
        {
            using var generator = OpenAiScribe.Client(model).GetEmbeddingClient("e1").AsIEmbeddingGenerator().AsBuilder().UseOpenTelemetry().Build();
            return (await generator.GenerateVectorAsync("s3cret-question")).Length;
        });
    }

    [Description("What the weather is like.")]
    static string Weather(string place) => place == "nowhere" ? throw new InvalidOperationException("There is no weather there.") : $"s3cret-answer for {place}";
}
