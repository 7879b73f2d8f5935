// Reads images in a thread.
import { serveDataset } from 'myelin/data';
import { ImageFolder } from 'myelin/vision';

await serveDataset(({ folder }) => new ImageFolder(folder));
