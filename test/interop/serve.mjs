/** The process of a site: a party's file and the site's settings, as JSON on the command line. */
const { file, settings } = JSON.parse(process.argv[2]);
const { serve } = await import(file);
const app = await serve(settings);
app.listen(settings.port, '127.0.0.1', (error) => {
  if (error) throw error;
  process.send('listening');
});
process.on('disconnect', () => process.exit(0));
