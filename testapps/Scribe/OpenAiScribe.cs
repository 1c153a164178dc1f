using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Scribe;

/// <summary>OpenAI's own client.</summary>
static class OpenAiScribe
{
    /// <summary>A client that asks once.</summary>
    public static OpenAIClient Client(Uri model) =>
        new(new ApiKeyCredential("s3cret-key"), new OpenAIClientOptions { Endpoint = new Uri(model, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    public static void Map(WebApplication app, Uri model) => app.MapGet("/openai", async (string name) =>
    {
        try
        {
            var completion = await Client(model).GetChatClient(name).CompleteChatAsync(new UserChatMessage("s3cret-question"));
            return completion.Value.Content[0].Text;
        }
        catch (ClientResultException e)
        {
            return $"{e.Status}";
        }
    });
}
