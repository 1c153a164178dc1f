using MailKit.Net.Smtp;
using MimeKit;

namespace Workshop;

/// <summary>Mail that is sent; the server takes none for nobody.</summary>
static class Mail
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Workshop:Mail"] is not { } server)
            return;
        app.MapGet("/mail", async (string to) =>
        {
            using var client = new SmtpClient();
            await client.ConnectAsync("127.0.0.1", int.Parse(server), MailKit.Security.SecureSocketOptions.None);
            using var message = new MimeMessage([new MailboxAddress("Shop", "shop@example.org")], [new MailboxAddress("", to)], "s3cret-subject", new TextPart("plain") { Text = "s3cret-text" });
            try
            {
                await client.SendAsync(message);
                return "sent";
            }
            catch (SmtpCommandException e)
            {
                return $"{e.StatusCode}";
            }
            finally
            {
                await client.DisconnectAsync(quit: true);
            }
        });
    }
}
