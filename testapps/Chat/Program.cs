using Chat;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Table>();
builder.Services.AddSignalR(options =>
{
    options.EnableDetailedErrors = true;
    options.MaximumParallelInvocationsPerClient = 16;
});
var app = builder.Build();
app.UseStaticFiles();
app.MapHub<ChatHub>("/chat");
app.MapGet("/ticks", (CancellationToken stop) => TypedResults.ServerSentEvents(Ticks.Count(3, stop)));
app.UseWebSockets();
app.Map("/echo", async (HttpContext context) =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[64];
    while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { CloseStatus: null } received)
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
    await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
});
app.MapGet("/menu", () => "tea");
app.Map("/door", door => door.Run(async context =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "closed", context.RequestAborted);
}));
app.Run();
