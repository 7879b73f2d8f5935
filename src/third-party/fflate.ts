export { Gunzip, inflateSync, type Zippable, zipSync, zlibSync } from 'fflate';
