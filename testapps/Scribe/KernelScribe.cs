using Microsoft.SemanticKernel;

namespace Scribe;

/// <summary>Semantic Kernel: a prompt, and a function of the app's that fails.</summary>
static class KernelScribe
{
    public static void Map(WebApplication app, Uri model)
    {
        var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion("m1", OpenAiScribe.Client(model)).Build();
        app.MapGet("/kernel/prompt", async () => $"{await kernel.InvokePromptAsync("s3cret-question")}");
        app.MapGet("/kernel/function", async () =>
        {
            try
            {
                return $"{await kernel.InvokeAsync(KernelFunctionFactory.CreateFromMethod(Fail, "fail"))}";
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        });
    }

    static string Fail() => throw new InvalidOperationException("Nobody can do that.");
}
